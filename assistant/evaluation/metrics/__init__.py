"""The measures, each with its formula and source."""
