"""The English words of the achievements report."""

import report_parts
from report_parts import Labels


def build() -> bytes:
    """`templates/en/report.docx`."""
    return report_parts.build(
        "en",
        Labels(
            title="Achievements report",
            logo="The sender’s logo",
            prepared_for="{{ client }}",
            cover=(
                ("", "Working together", "{{ covered }} ({{ relationship }})"),
                ("figures", "Compared", "{{ baseline_period }} with {{ current_period }}"),
                ("", "Prepared by", "{{ agency }}"),
                ("", "Date", "{{ date }}"),
            ),
            nothing="No figures, campaigns or highlights were recorded for this contract.",
            summary="Summary",
            baseline="Baseline period",
            current="Current period",
            headlines_table="The headline figures: today’s value, the change, and what it means",
            all_metrics="All figures",
            metrics_heads=("Metric", "Baseline", "Current", "Change", "What it shows"),
            metrics_table="All metrics: value in the baseline and the current period, change, and what it shows",
            footnote="¹",
            one_by_one="Figure by figure",
            done="What was done",
            campaigns="Campaigns and milestones",
            campaign_heads=("When", "What", "Result"),
            campaigns_table="Campaigns and milestones with their dates and results",
            quotes="In your words",
            survey="Satisfaction survey",
            survey_heads=("Question", "Score", "Answers", "Date"),
            survey_table="Satisfaction survey: question, score, number of answers and date",
            method="Method and sources",
            left_out="Left out",
            left_out_intro="These were measured and are left out of this report:",
            nothing_left_out="Nothing was left out: every metric [we|I] hold for you is in this report.",
            colon=": ",
            page=("Page ", " of "),
        ),
    )
