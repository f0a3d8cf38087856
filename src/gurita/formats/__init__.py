"""Pure text work shared by server, runner and CLI. Python 3.8 syntax, standard library only."""
