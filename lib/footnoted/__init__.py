"""Numbers and sentences that can be checked: what they rest on, and whether the data make them true."""
