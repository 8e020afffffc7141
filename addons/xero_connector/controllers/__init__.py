from . import masking, oauth
