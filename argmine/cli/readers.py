"""``argmine readers``."""

import typer


def readers() -> None:
    """List the formats that can be read."""
    from argmine.readers import formats

    found = formats()
    width = max(len(name) for name, _ in found)
    for name, description in found:
        typer.echo(f"{name:{width}}  {description}")
