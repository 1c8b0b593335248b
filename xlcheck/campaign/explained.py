"""What was found in a file, with what stands of the explanations, wherever they were given."""

from __future__ import annotations

from sqlalchemy import Connection

from xlcheck.campaign.ledger.replies import answers_of, replies_of, standing_answers, standing_replies
from xlcheck.results.record import Line, Record


def as_explained(connection: Connection, arrival: int, record: Record, default: str = "") -> Record:
    """The record of an arrival with the explanations that the office did not turn down.

    Args:
        connection: of the ledger.
        arrival: its number.
        record: what checking it came to.
        default: what is said of a warning that has none.
    """
    replies = standing_replies(replies_of(connection, arrival))
    answers = standing_answers(answers_of(connection, arrival))

    def explained(line: Line) -> Line:
        if line.severity != "warning":
            return line
        reply = replies.get((line.code, line.cells))
        answer = answers.get(reply.id) if reply else None
        stands = reply is not None and (answer is None or answer.accepted)
        return line._replace(explanation=reply.text if reply and stands else default)

    return record._replace(lines=tuple(map(explained, record.lines)))
