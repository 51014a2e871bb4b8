"""What the API of templates and topics takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from skywrite.api.schemas import Email, Name, RequestBody, SerialId

Kind = Literal["mjml", "html"]
Body = Annotated[str, Meta(max_length=1 << 19)]
Line = Annotated[str, Meta(max_length=2_000)]


class TemplateFigures(Struct):
    """What became of a template's mails, as its report counts them; the rates are of what was delivered."""

    sent: int
    delivered: int
    opened: int
    clicked: int
    open_rate: float | None
    click_rate: float | None


class TemplateSummary(Struct):
    """A template in a list."""

    id: str  # template_7
    name: str
    kind: Kind
    subject: str
    state: Literal["draft", "published", "changed"]  # changed: since it was published
    is_transactional: bool
    topic: str | None
    version: int | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    figures: TemplateFigures


class Template(Struct):
    """A template as it is written now; what is sent is its published version."""

    id: str
    name: str
    kind: Kind
    subject: str
    preheader: str
    body: str
    text: str  # "" where it is made from the HTML
    from_name: str
    from_address: str  # "" for the channel's
    reply_to: str
    topic_id: int | None
    is_transactional: bool
    state: Literal["draft", "published", "changed"]
    version: int | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


class NewTemplate(RequestBody):
    """A new template; without a body it begins with one that looks good."""

    name: Name
    kind: Kind = "mjml"
    subject: Line | None = None
    preheader: Line = ""
    body: Body | None = None
    text: Body = ""
    from_name: Line = ""
    from_address: Line = ""
    reply_to: Line = ""
    topic_id: SerialId | None = None
    is_transactional: bool = False


class TemplateChange(RequestBody, omit_defaults=True):
    """Only what is given changes."""

    name: Name | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    subject: Line | UnsetType = UNSET
    preheader: Line | UnsetType = UNSET
    body: Body | UnsetType = UNSET
    text: Body | UnsetType = UNSET
    from_name: Line | UnsetType = UNSET
    from_address: Line | UnsetType = UNSET
    reply_to: Line | UnsetType = UNSET
    topic_id: SerialId | UnsetType | None = UNSET
    is_transactional: bool | UnsetType = UNSET


class TemplateVersion(Struct):
    """A version that was published; it never changes."""

    version: int
    published_at: datetime


class TemplateProblem(Struct):
    """What is wrong with a template: an error stops it from being published."""

    level: Literal["error", "warning"]
    code: str
    message: str
    field: str
    line: int | None  # of the field, from 1


class TemplateLink(Struct):
    """A link that is counted."""

    id: str
    url: str
    label: str
    count: int


class TemplateCheck(Struct):
    """What was found, errors first, and the links that are counted."""

    problems: list[TemplateProblem]
    links: list[TemplateLink]


class TemplateSample(Struct):
    """What a recent message of a template brought along."""

    message_id: int | None  # None where it has no message yet
    data: dict[str, Any]


class PreviewAsk(RequestBody):
    """A preview of what is written, with changes that are not saved yet; as a contact, or as the one who came last."""

    changes: TemplateChange | None = None
    contact: str | None = None  # their id (person_12), address, userId or anonymousId
    data: dict[str, Any] = field(default_factory=dict)


class PreviewPerson(Struct):
    """A contact that a template can be looked at as."""

    id: str  # "" for a person made up, where there are no contacts
    email: str
    name: str


class TemplatePreview(Struct):
    """The mail as one person would get it; where it can't be made, `refusal` says why and the parts are empty."""

    subject: str
    html: str
    text: str
    size: int  # bytes of HTML
    refusal: str
    person: PreviewPerson
    problems: list[TemplateProblem]
    links: list[TemplateLink]


class TestSend(RequestBody):
    """Where a test goes, and as whom it is rendered."""

    to: Email
    changes: TemplateChange | None = None
    contact: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


class TestSent(Struct):
    """A test that is on its way."""

    message_id: str


class Topic(Struct):
    """What people can unsubscribe from one by one."""

    id: int
    name: str
    description: str
    created_at: datetime


class NewTopic(RequestBody):
    """A new topic."""

    name: Name
    description: Line = ""


class TopicChange(RequestBody):
    """Only what is given changes."""

    name: Name | None = None
    description: Line | None = None
