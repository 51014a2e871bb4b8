"""What an incoming mail is: bounce, complaint, reply or none of these. Pure: bytes in, findings out."""
