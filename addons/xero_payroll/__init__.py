from . import controllers, datasets, models, wizards
from .hooks import uninstall_hook
