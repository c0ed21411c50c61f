"""The bench report: one frozen object that holds everything a run found, and what is made of it.

contents   the report and its JSON
targets    measured values against the targets of the design
tables     what the report says, as tables of text (table): worded once for every form; accuracy_tables what was
           solved, comparison_tables who solved more
terminal   those tables in rich's frames
markdown   the report as Markdown
plots      its figures, drawn by matplotlib
svg        a figure as SVG inside a page, in the page's colours
html       one self-contained page
text       names from outside, made printable
"""

from hrm_edge.bench.report.contents import BenchReport, HardwareReport, SubjectReport
from hrm_edge.bench.report.html import to_html
from hrm_edge.bench.report.markdown import to_markdown
from hrm_edge.bench.report.table import Table
from hrm_edge.bench.report.tables import terminal_tables
from hrm_edge.bench.report.targets import Verdict, judged_report, verdicts
from hrm_edge.bench.report.terminal import to_rich

__all__ = [
    "BenchReport",
    "HardwareReport",
    "SubjectReport",
    "Table",
    "Verdict",
    "judged_report",
    "terminal_tables",
    "to_html",
    "to_markdown",
    "to_rich",
    "verdicts",
]
