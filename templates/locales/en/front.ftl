front-malformed = This request cannot be read. Reload the page; if it happens again, another browser may help.
front-too-slow = The request did not arrive in time. Please try again.
front-head-too-large = This request is too long to be read. Deleting this site’s cookies may help.
front-too-many-connections = Too many connections are open at the moment. Please try again shortly.
front-unavailable = The service cannot answer just now. Please try again shortly.
front-misdirected = This portal is not at this address. Whoever runs it sets the right one as public_url.
