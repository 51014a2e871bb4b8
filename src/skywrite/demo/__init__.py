"""`skywrite demo`: a whole loop on one machine, with a mail server of its own. Only its people are made up."""
