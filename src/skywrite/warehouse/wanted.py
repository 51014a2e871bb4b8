"""Whether an event is to be loaded at all: its sender may say so under `integrations.Warehouses`. Pure."""

from typing import Any

OUR_ID = "warehouse"


def is_wanted(said: Any) -> bool:
    """What `integrations.Warehouses` says of this warehouse; None where it is absent. `All` does not act on warehouses.

    `false` and `{"all": false}` keep the event out; `{"warehouseIds": [...]}` too, unless "warehouse" is among them
    (reference: warehouse, section 6, filtering).
    """
    if not isinstance(said, dict):
        return said is not False
    ids = said.get("warehouseIds")
    if isinstance(ids, list):
        return OUR_ID in ids
    return said.get("all") is not False
