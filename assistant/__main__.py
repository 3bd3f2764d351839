"""`python -m assistant`, where the command itself is not on the path."""

from assistant.commands.main import main

main(prog_name="assistant")
