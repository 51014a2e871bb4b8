"""How handlers are declared: their summary, their declared refusals, and their thread."""

from functools import partial
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES

_LARGEST_ID = (1 << 63) - 1

# Handlers that ask the database run in a thread; live streams and the like are `async` and declared by themselves.
read = partial(get, sync_to_thread=True, responses=RESPONSES)
create = partial(post, sync_to_thread=True, responses=RESPONSES)
act = partial(post, sync_to_thread=True, responses=RESPONSES, status_code=200)
change = partial(patch, sync_to_thread=True, responses=RESPONSES)
remove = partial(delete, sync_to_thread=True, responses=RESPONSES)

Given = NamedDependency[Parts]  # the API's parts, as a handler asks for them
Before = Annotated[
    int | None, QueryParameter(ge=1, le=_LARGEST_ID, description="Only what is older than the one of this id.")
]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="At most so many.")]
SerialId = Annotated[int, PathParameter(ge=1, le=_LARGEST_ID)]
