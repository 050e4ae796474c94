"""Show sheets in the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.evaluation.sheets import Sheet


def print_sheets(sheets: Iterable[Sheet], console: Console) -> None:
    """Print each sheet as a table; nothing in it is read as markup."""
    for sheet in sheets:
        console.print(as_table(sheet))


def as_table(sheet: Sheet) -> Table:
    """Return a sheet as a table with the first column to the left and the figures to the right."""
    table = Table(title=Text(sheet.title), caption=Text(sheet.note) if sheet.note else None, title_justify="left")
    for at, column in enumerate(sheet.columns):
        table.add_column(Text(column), justify="left" if at == 0 else "right")
    for row in sheet.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
