"""Texts an officer reads that are ours and not quoted, together so they read as prose."""

CAN_DO = (
    "I can say what the twelve digital outcomes mean, how their names changed from 2022 to 2024, "
    "what councils do about them and which questions to ask, find case studies by topic or place, "
    "suggest which outcomes your project serves, keep a register of projects, and find officers "
    "who agreed to be asked."
)
HELLO = (
    f"Hello. Ask me about the digital outcomes or what other councils did. {CAN_DO}\n\n"
    "For example: who has tried damp sensors? Or: what does inclusion mean?\n\n"
    "Commands: list (the twelve outcomes), tag and a project (its outcomes, and to register it), "
    "projects (those registered here), find and a topic (texts to share, each with its source), "
    "peers and a topic (officers who agreed to be asked), "
    "peers join (offer your own help), report (something wrong or outdated), my-data (what I hold "
    "of you), digest (once a week in this channel, what is new), suggest-case (offer a case study "
    "to everyone here), experts (who looks after answers here), help, and in a thread quiet and "
    "follow.\n\n"
    "For those who look after answers: open (questions that wait for one), verified (answers that "
    "somebody stands for). For administrators also: cases (case studies that officers suggest), "
    "texts (those brought in that wait to be confirmed), usage (counts), reports and hidden."
)
WELCOME = "You are welcome. Ask me whenever you need more."
GO_ON = "What would you like to know?"
OUTSIDE = f"That is not something I know. {CAN_DO}"
WELLBEING = (
    "That sounds serious, and I am not the right help for it. If someone is in danger, call 999. "
    "For urgent health advice, including mental health, call NHS 111. "
    "Samaritans listen at any hour on 116 123."
)
ORDERS = f"I only answer questions from my texts, so I have left that out. {CAN_DO}"
EMPTY = (
    "I could not find a question in that. Write it in a few words, for example: "
    "who has tried damp sensors?"
)
TOO_LONG = (
    "That is over 4,000 characters, more than I can read at once. "
    "Send the question on its own, in a sentence or two."
)
WHAT_ABOUT = (
    "What would you like to know about? Name a topic, a council or an outcome, "
    "for example: damp sensors, or cyber security."
)
WIDE = "{} is a wide subject. Which of these is nearest to what you need: {}?"
BEST_GUESS = "My best guess for now:"
EARLIER = "Which one do you mean? Name the council or the topic, and I will look."
FORM = "Fill in the form, or ask in your own words: mention me, or write to me alone."
OTHER_PART = "On the other part of your question, I don't have that."
FIRST_PART = "On the first part of your question, I don't have that."
NO_MORE = "I have no more on that."
NEAREST = "I don't have that. The nearest I have:"
OUR_MEANING = "(Our reading: the LGA's own definition could not be read in full.)"
MORE = "I have {} more: ask for all case studies from {}."
QUIET = (
    "I will stay quiet in this thread. Mention me when you need me, or with follow to have me back."
)
FOLLOWING = (
    "I will answer replies in this thread again, where they reach me. A mention always does."
)
ONLY_WHEN_ASKED = (
    "Here I only answer when you write to me, so there is nothing to change. "
    "To stop me in a thread, mention me there with: quiet."
)
NO_LONGER_KEPT = "I no longer have that answer. Please ask again."
SERVED = "Best first, each with the reason:"
REGISTERED = "Registered by officers, not published:"
ONLY_REGISTERED = "I have no published text on that. Registered by officers:"
FIND = (
    "Say what to look for, and I list the texts that tell of it, each with its source. "
    "For example: find damp sensors. Or: find chatbots in London."
)
FIND_NEWEST = f"{FIND}\n\nThe newest I have:"
FIND_AGAIN = (
    "I do not remember what a list was about. Write find and the words again, with one more word "
    "or a place."
)
TEXTS = "What I have on that, best first:"
NEAREST_OF = "The {} nearest of at least {}; add a word or a place to see others."
TEXTS_ON, NEWEST_TEXTS = "Texts on {}", "The newest texts"
NO_TEXT = (
    "I have no text on that. Try one or two other words for it, the name of an outcome, or a "
    "council or region."
)
NO_TEXT_THERE = "I have nothing on that from {}. From elsewhere:"
NO_TEXT_FROM = (
    "I have no text on that from {}. Try it without the place, or with one or two other words."
)
AN_OUTCOME, GUIDANCE, A_REPORT = "an outcome", "guidance", "a report"
BY_AN_OFFICER = "registered by an officer"
NO_PROJECT_ON_THAT = "No registered project speaks of that."
LIKELY = "Likely outcomes, best first, with how sure I am:"
NONE_LIKELY = "No outcome fits that well. The nearest, with how sure I am:"
LESS_LIKELY = "Less likely: {}."
NO_PROJECT = (
    "I could not find a project in that. Describe it in a sentence or two, for example: "
    "tag a scheme that lends laptops to residents."
)
COUNCILS = "Councils that did this:"
FROM_THERE = "What I have from there:"
LOST = "I do not know which council is yours, so these are from anywhere:"
NOTHING_THERE = "I have nothing on that {}. Elsewhere:"
NEAREST_COUNCILS = "I have no council that did that. The nearest I have:"
NO_COUNCILS = "I have no council that did that."
NOBODY_THERE = "Nobody {} has offered help with that. Elsewhere:"
NOT_RANKED = "The texts put none of the twelve outcomes before another."
