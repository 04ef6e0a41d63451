"""Numbers and sentences that can be checked: what they rest on, and if the data make them true."""
