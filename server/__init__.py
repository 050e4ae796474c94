"""Let people ask: the command line, the JSON endpoints and the pages."""
