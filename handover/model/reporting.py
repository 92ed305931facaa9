"""What the report compares and tells: periods, how a metric is read, campaigns, quotes, surveys.

Role: keys of `handover.yaml`, as `handover.model.settings` puts them together; each attribute's docstring is its
documentation. What is known of built-in metrics is `handover.model.metrics`'s.
"""

from pydantic import Field

from handover.model.base import Currency, Date, Flag, Line, MetricId, Model, Number, ProjectPath, Text, Whole, Word


class Unit(Word):
    """What a metric's values count. Percentages are written 0–100 (2.4 means 2.4 %)."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    RATIO = "ratio"
    SCORE = "score"
    RANK = "rank"
    DURATION = "duration"


class Direction(Word):
    """Which way is good for a metric."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Combine(Word):
    """How a metric's monthly values become one value for a period."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"
    WEIGHTED = "weighted"


class Period(Model):
    """A span of whole days, both ends included."""

    start: Date
    """First day."""
    end: Date
    """Last day."""


class Periods(Model):
    """The two spans that the report compares."""

    baseline: Period
    """Before, or at the start of the work."""
    current: Period
    """Now: as long as the baseline and in the same season, where possible."""


class Annotation(Model):
    """Something that happened to a metric at a date."""

    date: Date
    """When."""
    text: Line
    """What, in the client's language."""
    breaks_series: Flag = False
    """True when the definition or the source changed, so that values before and after can't be compared."""


class Metric(Model):
    """How one metric is named, read and compared. Naming a built-in one is enough: every key may be left out."""

    label: Line | None = None
    """Name in the client's language."""
    unit: Unit | None = None
    """`count`, `percent`, `money`, `ratio`, `score`, `rank` (a place; 1 is best) or `duration` (in seconds)."""
    currency: Currency | None = None
    """For `money`: an ISO 4217 code; `options.currency` when absent."""
    good: Direction | None = None
    """Which way is good: `up`, `down` or `neither`."""
    combine: Combine | None = None
    """How values combine over a period: `sum`, `mean`, `last`, or `weighted` by the metric in `weight`. When absent,
    counts and amounts of a metric of your own are added up, anything else is averaged."""
    weight: MetricId | None = None
    """The metric that weighs this one (a conversion rate is weighted by visitors)."""
    decimals: Whole | None = Field(None, ge=0, le=4)
    """Decimals printed; more are where a change, or a target missed, couldn't be seen with so few."""
    target: Number | None = None
    """The value that was agreed for the current period."""
    source: Line | None = Field(None, examples=["GA4, property 123456789, exported on 3 June 2026"])
    """Where all the values come from and when they were taken; a `source` that changes in the table then breaks
    nothing."""
    annotations: tuple[Annotation, ...] = ()
    """Events to mark on the chart."""
    title: Line | None = Field(None, max_length=80, examples=["Online sales nearly doubled"])
    """What the report's pages say above this figure, in place of a sentence made from the values; what it claims must
    be so."""
    comment: Line | None = Field(None, max_length=200)
    """Why it is so, in a sentence, beside the figure."""


class Campaign(Model):
    """A campaign or project that the report shows on its timeline."""

    name: Line
    """Its name."""
    start: Date
    """First day."""
    end: Date | None = None
    """Last day; absent for something that happened on one day."""
    result: Line | None = None
    """What came of it, in a sentence."""


class Quote(Model):
    """Something that the client said, with their leave."""

    text: Text
    """The words."""
    author: Line
    """Who said them."""
    role: Line | None = None
    """Their role."""
    date: Date | None = None
    """When."""


class SurveyScore(Model):
    """One answer of a satisfaction survey."""

    question: Line
    """What was asked."""
    score: Number
    """The score."""
    out_of: Number
    """The best possible score."""
    date: Date | None = None
    """When it was asked."""
    answers: Whole | None = Field(None, ge=1)
    """How many people answered."""


class LeftOut(Model):
    """A metric that is left out of the report; its method section says so."""

    metric: MetricId
    """Which one."""
    reason: Line
    """Why, for the client to read."""


class Story(Model):
    """The work together in four short texts, on a page of its own. Every one may be left out."""

    before: Text | None = None
    """How things stood when it began."""
    work: Text | None = None
    """What was done."""
    change: Text | None = None
    """What that changed."""
    watch: Text | None = None
    """What to keep an eye on from now on."""


class BeforeAfter(Model):
    """Two pictures of the same thing, side by side."""

    before: ProjectPath = Field(examples=["assets/site/2022.png"])
    """As it was (PNG or JPEG)."""
    after: ProjectPath = Field(examples=["assets/site/2026.png"])
    """As it is now."""
    caption: Line
    """What the two show; it describes them to whoever can't see them."""


class Report(Model):
    """What the achievements report tells beyond the figures."""

    headline: tuple[MetricId, ...] = Field((), max_length=5)
    """Three to five metrics for the summary; the first ones of the table when absent."""
    summary: Text | None = None
    """A paragraph of your own at the top."""
    story: Story = Story.model_construct()
    """Before, what was done, what it changed, what to watch."""
    pictures: BeforeAfter | None = None
    """Before and after, beside the story."""
    campaigns: tuple[Campaign, ...] = ()
    """Campaigns and milestones, for the timeline."""
    quotes: tuple[Quote, ...] = ()
    """What the client said."""
    survey: tuple[SurveyScore, ...] = ()
    """Survey scores."""
    left_out: tuple[LeftOut, ...] = ()
    """Metrics left out, with the reason."""
