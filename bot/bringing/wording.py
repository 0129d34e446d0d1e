"""What the command says of sources and their texts."""

FAULT = "{}: {}"
SEEN_BY_ALL = (
    "These texts are answered from in every community. Give --community ID to keep some to one."
)
LOOKED = "{} ({}): {}"
FAULTS = {
    "unread": "{}: not read: {}",
    "kept": "{}: kept as it was read before: {}",
    "partly": "{}: read, but {}",
}
MORE_FAULTS = "  and {} more: outcomes sources faults {}"
WAITING = "  {} to be confirmed: outcomes sources review; then outcomes sources confirm --source {}"
GOES_ON = "{}: {:,} of {:,}"
NO_SITE = "--site is said of a web address, not of a file or folder"
NOTHING_THERE = "there is no such file or folder that can be opened"
NO_NAME = "its name is not UTF-8 text: rename it"
TOO_LONG = "its address is longer than {:,} bytes"
NOT_KEPT = "nothing was brought in, and it is not looked at again: put that right, and add it again"
OURS = "this program or its own data is in there: name a folder that holds texts alone"
OTHER_KIND = "this sort of file cannot be read; what can be is {}"
FOR_MANY = "--include, --exclude and --most are said of folders and sites; none is given"
FOR_FILES = "--link is said of files and folders; none is given"

NO_SOURCES = "no text is brought in yet: outcomes add PATH or address"
NO_SOURCE = "there is no source {}: outcomes sources lists them"
NONE_OF = "no text was brought in for a community {}: outcomes sources lists whose they are"
NOT_OF = "the source {} is not of the community {}"
UNMET = (
    "No community {} has met this bot yet: check the id. It is the Slack workspace's (T…) or the "
    "Teams tenant's; its texts are kept for when it comes."
)
ALL = "every community"
OFFICERS = "case studies that officers suggested"
LISTED = "{id}  {kind}, {whose}: {location}\n  {said}"
NEXT = "; looked at again from {:%Y-%m-%d %H:%M} UTC"
NEVER = "; looked at again only when asked for"
NOT_YET = "not looked at yet"
COULD_NOT = "could not be looked at: {}"
REMOVED = "{}: removed, with {}"
TEXT_REMOVED = "{}: removed, “{}”"
OFFICERS_STAY = "{}: what officers suggested goes text by text: outcomes sources remove TEXT-ID"
COMES_BACK = "{}: it would come back at the next look at its source. To leave it out for good: {}"
NO_FAULTS = "Everything was read."

NOTHING_WAITS = "No text waits to be confirmed."
NONE_THERE = "No text is confirmed yet."
MORE_WAIT = "{} more wait; confirm some of these first, or give --source ID"
MORE_THERE = "{} more are confirmed; give --source ID or --community ID to see fewer at once"
REVIEWED = "{id}  {title}\n  {about}\n  {place}"
NO_COUNCIL = "no council"
NO_YEAR = "no year"
YEAR_IN_TITLE, YEAR_DATED, YEAR_NAMED = (
    "{} (in its title)",
    "{} (the date that it or its file gives)",
    "{} (the year it names most)",
)
NO_OUTCOME = "no outcome"
CLEAR, LIKELY, GUESSED = "clear", "likely", "a guess"
REVIEW_NEXT = (
    "Where it is right: outcomes sources confirm ID… or --all. Where some is not, say it with "
    "--kind, --council, --year, --outcome, or correct a table: outcomes sources review --csv"
)

CHANGE_NEXT = (
    "To change one: outcomes sources confirm ID with --kind, --council, --year, --outcome; for "
    "many correct a table: outcomes sources review --confirmed --csv"
)
CONFIRMED_ON = "confirmed on {:%Y-%m-%d}"

CONFIRMED = "Confirmed: {}."
CHOOSE = "say which texts: ids, --all, --source ID or --from FILE.csv"
CHOOSE_ONE = "say which texts in one way: ids, --all, --source ID or --from FILE.csv"
NO_TEXT = "there is no text {}: outcomes sources review lists those that wait"
BAD_COUNCIL = "no council of the UK is called {}{} Leave it empty where it is none"
PERHAPS = "; did you mean {}?"
BAD_OUTCOME = "{} is no outcome; they are {}"
BAD_YEAR = "{} is no year from {} to {}"
BAD_KIND = "{} is no kind; they are case-study, guidance and report"
BAD_TITLE = "the title is empty"
NO_COLUMN = "it has no column called id: make it with outcomes sources review --csv"
NO_TABLE = "it is no table; save it as CSV UTF-8"
WORKBOOK = "it is a workbook; save it as CSV UTF-8 first, and give that file"
NOT_READ = "{} cannot be read: {}"
LINE = "{}, line {}: {}"
NONE_CONFIRMED = "nothing was confirmed; put this right and try again"
