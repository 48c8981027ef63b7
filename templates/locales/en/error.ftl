error-400-title = That address or form cannot be read
error-400-text = Go back to the previous page and try again.
error-403-title = This page is not open to you
error-403-text = Sign in with another account, or ask whoever gave you the link for access.
error-404-title = Nothing at this address
error-404-text = The page may have been moved or withdrawn. If it still exists, search will find it.
error-410-title = This file is damaged
error-410-text = It can no longer be read as it was sent. The fault has been recorded; give us the number below, or send the file again if you still have it.
error-413-title = That is too large to send
error-413-text = Remove a file or make it smaller, then try again.
error-429-title = Too many tries in a row
error-429-text = To keep the service open to everybody, we count what is sent in a short time.
error-500-title = The fault is on our side
error-500-text = It has been recorded. Try again in a moment; if it persists, give us the number below.
error-503-title = We will be back in a moment
error-503-text = The service is restarting or has too many visitors. Reload the page in a minute.
error-desk = Back to the agents’ desk
error-home = Back to the home page
error-articles = Read the articles
error-number = Number to quote:
error-kept-title = What you wrote is here
error-kept-text = Send it again with one click: nothing will be stored twice. Files have to be attached again afterwards.
error-kept-button = Send again
error-wait = Wait a few minutes, then try again.
error-wait-seconds = { $count ->
    [one] You can try again in one second.
   *[other] You can try again in { $count } seconds.
}
error-wait-minutes = { $count ->
    [one] You can try again in one minute.
   *[other] You can try again in { $count } minutes.
}
