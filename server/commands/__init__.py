"""The commands of the console script, a file for each theme; each does one thing that the library offers."""
