"""Ask documents a question and get the answer in their own words, with the exact place."""
