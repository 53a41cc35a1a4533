"""One file that holds everything of an instance, and how it comes back."""

from restanque.core.backups.archive import Manifest, check, write_backup
from restanque.core.backups.errors import BackupError
from restanque.core.backups.restore import restore_backup

__all__ = ["BackupError", "Manifest", "check", "restore_backup", "write_backup"]
