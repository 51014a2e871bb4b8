"""Small helpers that know nothing of Skywrite's business."""
