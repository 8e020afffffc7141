from . import datasets, models, wizards
