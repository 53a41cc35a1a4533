"""Every write of the directory. See the README for the list."""

from restanque.directory.services.canteens import (
    archive_canteen,
    canteen_for_whole_commune,
    create_canteen,
    update_canteen,
)
from restanque.directory.services.certifications import (
    add_certification,
    delete_certification,
    update_certification,
)
from restanque.directory.services.contacts import (
    add_contact,
    delete_contact,
    update_contact,
)
from restanque.directory.services.facts import Observation, record_facts, withdraw_facts
from restanque.directory.services.merging import MergeError, merge_organisations
from restanque.directory.services.organisations import (
    archive_organisation,
    create_organisation,
    mark_checked,
    restore_organisation,
    update_organisation,
)
from restanque.directory.services.purging import purge_expired
from restanque.directory.services.silence import silence_address
from restanque.directory.services.tags import (
    get_or_create_tag,
    tag_organisations,
    untag_organisations,
)
from restanque.directory.services.town_halls import TownHallReport, populate_town_halls

__all__ = [
    "MergeError",
    "Observation",
    "TownHallReport",
    "add_certification",
    "add_contact",
    "archive_canteen",
    "archive_organisation",
    "canteen_for_whole_commune",
    "create_canteen",
    "create_organisation",
    "delete_certification",
    "delete_contact",
    "get_or_create_tag",
    "mark_checked",
    "merge_organisations",
    "populate_town_halls",
    "purge_expired",
    "record_facts",
    "restore_organisation",
    "silence_address",
    "tag_organisations",
    "untag_organisations",
    "update_canteen",
    "update_certification",
    "update_contact",
    "update_organisation",
    "withdraw_facts",
]
