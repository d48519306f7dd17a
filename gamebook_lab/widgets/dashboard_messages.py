"""What the dashboard and its script say to each other. Moments are seconds since the epoch but where milliseconds are named."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

# ---- script to Python


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]
    view: str


class Watch(TypedDict):
    """A view can be seen, and wants news once a second; said again every few seconds."""

    type: Literal["watch"]
    view: str
    is_new: bool
    """It has nothing to show yet."""


class Rest(TypedDict):
    """A view is hidden, paused or zoomed in: no news."""

    type: Literal["rest"]
    view: str


class Choose(TypedDict):
    """Another length of time is to be shown, in all views."""

    type: Literal["choose"]
    seconds: float


class GetPlotly(TypedDict):
    """The page has no Plotly yet."""

    type: Literal["plotly"]


class GetHistory(TypedDict):
    """A view shows this time, and stays there."""

    type: Literal["history"]
    view: str
    since: float
    until: float


class Export(TypedDict):
    """A person wants a file."""

    type: Literal["export"]
    view: str
    what: Literal["csv", "html"]
    since: float
    until: float


class Acknowledge(TypedDict):
    """A person looks after an alert."""

    type: Literal["acknowledge"]
    alert: int


class Silence(TypedDict):
    """No notices of a rule for a while."""

    type: Literal["silence"]
    rule: str
    seconds: float


class Dismiss(TypedDict):
    """Take a notice away."""

    type: Literal["dismiss"]
    id: int


# ---- Python to script


class SeriesSpec(TypedDict):
    """A line of a chart."""

    column: str
    label: str
    dash: str


class LimitSpec(TypedDict):
    """A threshold of a chart."""

    value: float
    label: str
    level: str


class PanelSpec(TypedDict):
    """A chart; see ``charts.telemetry_panels``."""

    key: str
    title: str
    unit: str
    about: str
    kind: str
    top: float | None
    digits: int
    is_sparse: bool
    series: list[SeriesSpec]
    limits: list[LimitSpec]


class Colours(TypedDict):
    """Of ``charts.theme``."""

    light: list[str]
    dark: list[str]
    levels: dict[str, str]
    dark_levels: dict[str, str]


class Setup(TypedDict):
    """What the dashboard consists of."""

    type: Literal["setup"]
    view: str
    name: str
    """Of files that are saved, without suffix."""
    panels: list[PanelSpec]
    windows: list[tuple[float, str]]
    colours: Colours


class Plotly(TypedDict):
    """Plotly's script comes with this, as the only buffer."""

    type: Literal["plotly"]


class History(TypedDict):
    """All rows of the time shown; ``times`` in milliseconds, None where nothing was measured."""

    type: Literal["history"]
    view: str
    is_live: bool
    until: float
    step_seconds: float
    times: list[float]
    columns: dict[str, list[float | None]]


class Rows(TypedDict):
    """Rows since the last ones, often one."""

    type: Literal["rows"]
    until: float
    times: list[float]
    columns: dict[str, list[float | None]]


class ObjectiveEntry(TypedDict):
    """An objective, in words where it is shown so."""

    objective: str
    title: str
    target: str
    current: str
    compliance: float | None
    goal: float
    budget_left: float | None
    n: int
    state: str


class AlertEntry(TypedDict):
    """An alert; moments in milliseconds."""

    id: int
    rule: str
    panel: str
    """Chart that it is about; empty if none is."""
    level: str
    state: str
    summary: str
    started: float
    ended: float | None
    is_silenced: bool
    is_inhibited: bool


class Status(TypedDict):
    """Objectives and alerts as they stand; ``window`` is the time over which objectives are judged."""

    type: Literal["status"]
    window: str
    objectives: list[ObjectiveEntry]
    alerts: list[AlertEntry]


class NoticeEntry(TypedDict):
    """Something to tell."""

    id: int
    level: str
    title: str
    text: str


class Notices(TypedDict):
    """All notices that were not dismissed."""

    type: Literal["notices"]
    notices: list[NoticeEntry]


class File(TypedDict):
    """A file to save; its content is the only buffer."""

    type: Literal["file"]
    view: str
    name: str
    mime: str
    error: NotRequired[str]
