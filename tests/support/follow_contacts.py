"""A process that makes contacts until it is killed: `python -P tests/support/follow_contacts.py DATA`."""

import sys
import threading
from pathlib import Path

from skywrite.contacts import following
from skywrite.kit.roles import Voice
from skywrite.roles.contacts import run_contacts
from skywrite.settings import Settings
from skywrite.store.engine import open_store

if __name__ == "__main__":
    settings = Settings(data=Path(sys.argv[1]))
    following._READ_BYTES = 40_000  # small transactions, so that there are many moments to be killed at,
    following._MANY = 10  # each read while the one before is written
    run_contacts(settings, open_store(settings), threading.Event(), Voice(settings.run, "contacts"))
