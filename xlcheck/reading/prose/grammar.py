"""What clauses look like that state a number, as patterns of the kinds of their words.

A clause is read only where one pattern covers all of it. The letters (``prose.toml`` has the words):

| | |
|---|---|
| `Q` `q` | a request for information; a request of some kind |
| `R` `r` `e` | received; accepted; newly received |
| `H` `D` `h` | answered; finished; dealt with |
| `C` `O` | carried in; carried out |
| `M` `G` | applicants; results |
| `V` `L` `T` `A` `K` `U` | review; suit; suit without review; suit after review; their outcomes; other troubles |
| `b` `E` | disclosure as a reason; words of cause |
| `Y` `i` `w` `v` `a` | documents; issued; repealed; in force; decisions and fees |
| `N` `m` `P` `n` | a count; an amount; per cent; a number that is none of these, or said roughly |
| `%` `z` | words of shares; the whole of a share |
| `I` `l` `J` `j` `x` `0` | of these; besides; all; of each; and; none |
| `@` `o` `k` | the unit itself; the report's year; 中; they are taken out before |
| `d` | another year, or a part of one |
| `B` `c` `t` `p` `s` | comparisons; channels; other talk; what is published without a request; other units |
| `y` `u` | results that the form lacks; not done with yet |
| `~` `?` | roughly; unknown |
"""

from __future__ import annotations

import re

UNREADABLE = "Bdctpsyu~n"
"""Where one of these is in a clause, nothing is read; nor where a word is unknown, but for more that was not made."""

_WHO = r"(?:M(?:[、x]?M)*)?"
_OF = "[bQqERreM]*"

RECEIVED = re.compile(rf"[xI]*[Qq]*(?:[Rre][x、]?)+[DHh]?{_WHO}E?[Qq]*h?J?N[MQqEb]*(?:x?J?[DHh])*(?:J?G)?")
NEW = re.compile(r"[xI]*[Qq]*e+[Qq]*J?N[Qq]*")
TAKEN_AND_DONE = re.compile(rf"x?[Qq]*[Rre]+[x、]?[DHh]+{_WHO}[Qq]*N[Qq]*")
ASKED = re.compile(rf"x?{_WHO}[Qq]+[Rre]+J?N(?:x?J?[DHh])*")
NAMED = re.compile(rf"x?{_WHO}[Qq]*Q[Qq]*J?N(?:x?J?[DHh])*")
HANDLED = re.compile(
    rf"[xI]*J?(?:[DHh]x?)+{_WHO}[Qq]*J?N[Qq]*(?:x?J?[DHh])*|[xI]*[Qq]+J?(?:[DHh]x?)+J?N|I?J?N[Qq]*J?(?:[DHh]x?)+J?"
)
CARRIED_IN = re.compile(r"[xI]*[Qq]*C[QqbDHh]*J?N[Qq]*(?:x?J?[DHh])*|[xI]*N[Qq]*C[QqDHh]*")
CARRIED_OUT = re.compile(r"[xIl]*J?[Qq]*O[DHhQq]*J?N[Qq]*|[xIl]*N[Qq]*J?O[DHhQq]*")
NONE_CARRIED = re.compile(r"[xIJ]*[Qq]*0[Qq]*([CO])[DHhQq]*")
RESULTS = re.compile(r"[xI]*[DHh]?E?GG?(?:[、x]G)*[QqDHh]?J?N[Qq]*|[xI]*[HDhQq]*N[Qq]*J?[DHh]?E?GG?(?:[、x]G)*")
ALL_RESULT = re.compile(r"[xI]*[Qq]*J[DHh]?G")
APPLICANTS = re.compile(r"[xI]*R?M(?:[、x]?M)?E?[Qq]*J?N[Qq]*|[xI]*N[Qq]*M[Qq]*")
ALL_APPLICANTS = re.compile(r"[xI]*N?[Qq]*J[RE]?M[Qq]*")
NONE_RECEIVED = re.compile(rf"[xJ]*0E?[Rre]*(?:[x、]?[DHh])*{_WHO}E?[Qq]+")
DISPUTES = re.compile(rf"[xI]*{_OF}(?:V|L[TA]?|T|A)(?:[、x]{_OF}[VL])?[bE]?[Jj]?N|[xI]*[ERre]*N{_OF}(?:V|L|T|A)")
NO_DISPUTES = re.compile(rf"[xIJ]*{_OF}0{_OF}[VLU](?:[、x]+{_OF}[VLU]|{_OF}[VL])*")
DISPUTES_NONE = re.compile(rf"[xI]*{_OF}[VL](?:[、x]*{_OF}[VL])*[Jj]?0E?")
NOT_ABOUT = re.compile(r"[xIJ]*0E?b")
OUTCOME = re.compile(rf"[xI]*(?:{_OF}(?:V|L[TA]?|T|A))?J?KJ?N|[xI]*K{_OF}(?:V|L[TA]?|T|A)N|[xI]*NJ?K")
ALL_OUTCOME = re.compile(r"[xI]*J?K")
DOCUMENTS = re.compile(r"[xI]*(i(?:[、x]?i)*|w|v)(?:Y?N|NY)|[xI]*Y(i|w|v)N")
NO_DOCUMENTS = re.compile(r"[xI]*0[iwv](?:[、x]?[iwv])*Y(?:[、x][Y?])*")
DECISIONS = re.compile(r"[xI]*h?a[Nm]")
SHARE = re.compile(r"%[RDHhQq]*z?P")
