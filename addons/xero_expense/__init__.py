from . import datasets, models
from .hooks import uninstall_hook
