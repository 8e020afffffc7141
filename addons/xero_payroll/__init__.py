from . import datasets, models, wizards
from .hooks import uninstall_hook
