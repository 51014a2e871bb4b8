"""What an incoming mail is: bounce, complaint, reply or none of these. Pure: bytes in, findings out."""

from skywrite.channels.email.reading.model import BounceClass, Envelope, Kind, Reading, Recipient, Trace
from skywrite.channels.email.reading.reader import read

__all__ = ["BounceClass", "Envelope", "Kind", "Reading", "Recipient", "Trace", "read"]
