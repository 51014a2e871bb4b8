"""Which worker process has which roles, and where each role's function is; a role is imported when it is started."""

# A role's function takes (settings, store, stop, voice) and follows until `stop` is set.
WORKERS: dict[str, dict[str, str]] = {
    "warehouse": {"warehouse": "skywrite.roles.warehouse:run_warehouse"},
    "delivery": {
        "dedupe": "skywrite.roles.pipeline:run_dedupe",
        "observe": "skywrite.roles.pipeline:run_observe",
        "upkeep": "skywrite.roles.pipeline:run_upkeep",
        "delivery": "skywrite.roles.pipeline:run_deliveries",
    },
    "contacts": {
        "contacts": "skywrite.roles.contacts:run_contacts",
        "segments": "skywrite.roles.segments:run_segments",
        "imports": "skywrite.roles.imports:run_imports",
        "stream": "skywrite.roles.observing:run_stream",
    },
    "mail": {
        "send": "skywrite.roles.send:run_send",
        "observing": "skywrite.roles.observing:run_observing",
        "inbound": "skywrite.roles.observing:run_inbound",
    },
}

ROLES = ("web", *(role for roles in WORKERS.values() for role in roles))
