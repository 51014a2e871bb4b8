"""`skywrite mail ...`: mail that comes back."""

from cyclopts import App

from skywrite.cli.receive import receive

app = App(name="mail", help="Mail that comes back: bounces, complaints, replies.")
app.command(receive)
