"""The mail accounts of a campaign (收发邮箱): changed, tried, and their passwords kept where no page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.accounts import (
    DIRECTIONS,
    AccountFields,
    AccountSettings,
    Direction,
    PasswordMissing,
    account_of,
    account_settings,
    address_of_fields,
    changed_account,
    fields_of,
    password_file,
    secret_of,
    try_account,
)
from xlcheck.campaign.settings import FetchSettings, SendSettings
from xlcheck.files.content import why
from xlcheck.mail.account import InvalidAccount
from xlcheck.model.errors import Error
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Notice
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.routes import gap_of, sender_of
from xlcheck.web.acts import note_act
from xlcheck.web.campaigns import opened
from xlcheck.web.outgoing import refuse_strange_server
from xlcheck.web.pages.frame import TERMS_TAB, address_of_campaign, frame
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign

_TITLES = {"send": "发信", "fetch": "收信"}
_PASSWORD = "password"  # noqa: S105  # the name of a field


class AccountView(NamedTuple):
    """An account as its form shows it; its password never is."""

    direction: Direction
    title: str
    fields: AccountFields
    password_says: str
    is_kept: bool
    """Whether its password was typed in here."""

    @property
    def says(self) -> str:
        """The account in a few words."""
        return f"{self.fields.user or '不用登录'}（{self.fields.server}）" if self.fields.server else "没有设置"


def account_views(one: OpenCampaign) -> dict[Direction, AccountView]:
    """Both accounts of a campaign."""
    return {direction: _view(one, direction) for direction in DIRECTIONS}


def _accounts_page(asked: Asked) -> Response:
    with opened(asked) as one:
        return _shown(asked, one)


def _shown(asked: Asked, one: OpenCampaign, trouble: str = "") -> Response:
    """The form, with what was typed where something is wrong with that."""
    views, settings = account_views(one), one.settings
    typed = {"sender": settings.send.sender, "rate": settings.send.rate, "own": settings.fetch.server}
    if trouble:
        views = {direction: views[direction]._replace(fields=_typed(asked, direction)) for direction in DIRECTIONS}
        typed = {name: asked.field(name) for name in typed}
    said: dict[str, object] = {"said": {"said": trouble, "kind": "bad"}} if trouble else {}
    around = frame(asked, one, TERMS_TAB)
    status = 409 if trouble else 200
    return show(asked, "accounts.html", status=status, campaign=around, accounts=views, typed=typed, **said)


def _view(one: OpenCampaign, direction: Direction) -> AccountView:
    settings = account_settings(one, direction)
    is_kept = settings.password_file == password_file(direction)
    fields = fields_of(settings.address, direction)
    return AccountView(direction, _TITLES[direction], fields, _password_says(one, direction, settings), is_kept)


def _password_says(one: OpenCampaign, direction: Direction, settings: AccountSettings) -> str:
    try:
        known = secret_of(one, direction)
    except (PasswordMissing, InvalidAccount):
        return "还没有密码（授权码）" if settings.address else ""
    if not known:
        return ""
    if not settings.password_file:
        return "用的是系统里存的密码；要换的在这里填写"
    if settings.password_file == password_file(direction):
        return "已经存好，不再显示；要换的重新填写"
    return "写在设置文件所指的文件里；要换的在这里填写"


# --- changing them ---------------------------------------------------------------------------------------------------


def _change(asked: Asked) -> Response:
    with opened(asked) as one:
        try:
            send, fetch = _accounts(asked, one)
        except CannotDo as error:
            return _shown(asked, one, error.message)
        key = str(asked.path["campaign"])
        asked.site.campaigns.change(key, lambda known: known._replace(send=send, fetch=fetch))
    _note(asked, key, send.smtp, fetch.imap)
    if asked.field("act") == "try":
        return _try(asked)
    return see(asked, f"{address_of_campaign(asked)}/settings", "收发邮箱已保存")


def _note(asked: Asked, key: str, smtp: str, imap: str) -> None:
    """Note which servers were chosen, which no route could."""
    accounts = (("发信", account_of(smtp, "send")), ("收信", account_of(imap, "fetch")))
    told = [f"campaign {key}", *(f"{title} {account.shown}" for title, account in accounts if account)]
    note_act(asked.site, asked.at, asked.visitor.name, "修改收发邮箱", "，".join(told))


def _accounts(asked: Asked, one: OpenCampaign) -> tuple[SendSettings, FetchSettings]:
    """What was typed; passwords are put away.

    Raises:
        CannotDo: something of it cannot be used.
    """
    addresses = {direction: _address(asked, one, direction) for direction in DIRECTIONS}
    sender, rate = entered(asked.field("sender")), asked.field("rate")
    gap_of(rate, "“最快”")
    if addresses["send"]:
        sender_of(sender, account_of(addresses["send"], "send"), "“发件人”")
    send = _put_away(asked, one, "send", addresses["send"])
    fetch = _put_away(asked, one, "fetch", addresses["fetch"])
    return (
        SendSettings(send.address, sender, send.password_file, rate),
        FetchSettings(fetch.address, fetch.password_file, entered(asked.field("own"))),
    )


def _typed(asked: Asked, direction: Direction) -> AccountFields:
    return AccountFields(
        asked.field(f"{direction}-user"),
        asked.field(f"{direction}-server").lower(),
        asked.field(f"{direction}-port"),
        asked.field(f"{direction}-encryption") == "starttls",
        asked.field(f"{direction}-folder"),
    )


def _address(asked: Asked, one: OpenCampaign, direction: Direction) -> str:
    """The address of an account as it was typed; as it stands in the settings where that is the same account."""
    before = account_settings(one, direction).address
    address = address_of_fields(_typed(asked, direction), direction)
    account = account_of(address, direction)
    if account is None or (before and account == _known(before, direction)):
        return before if account else ""
    if asked.site.mode == "public":
        refuse_strange_server(account)
    return address


def _known(address: str, direction: Direction) -> object:
    try:
        return account_of(address, direction)
    except InvalidAccount:
        return None


def _put_away(asked: Asked, one: OpenCampaign, direction: Direction, address: str) -> AccountSettings:
    typed = next(iter(asked.fields(f"{direction}-{_PASSWORD}")), "")
    # Mostly it is one mailbox; what was typed once for its user need not be typed twice.
    if not typed and direction == "fetch" and asked.field("fetch-user") == asked.field("send-user"):
        typed = next(iter(asked.fields(f"send-{_PASSWORD}")), "")
    before, forget = account_settings(one, direction), bool(asked.field(f"{direction}-forget"))
    try:
        return changed_account(one.folder, direction, before, address, typed, forget=forget)
    except OSError as error:
        raise CannotDo("output", f"密码没有存下来（{why(error)}）") from error


# --- trying them -----------------------------------------------------------------------------------------------------


def _try(asked: Asked) -> Response:
    """Log in to both servers, while a page shows what they say."""
    if not asked.live.tries.count(asked.visitor.name):
        raise NotDone(429, "试得太多了，请过十分钟再试；这期间收信、发信不受影响")
    base = address_of_campaign(asked)

    def work(listen: Listener) -> str:
        with opened(asked) as one:
            for direction in DIRECTIONS:
                if account_settings(one, direction).address:
                    listen(Notice(_tried(one, direction)))
                else:
                    listen(Notice(f"{_TITLES[direction]}：没有设置邮箱，没有试"))
        return f"{base}/accounts"

    undertaking = asked.live.undertakings.start("试一试收发邮箱", asked.visitor, work)
    return see(asked, f"/progress/{undertaking.key}")


def _tried(one: OpenCampaign, direction: Direction) -> str:
    try:
        account = try_account(one, direction)
    except PasswordMissing as missing:
        return f"{_TITLES[direction]}：没有成功。{missing.message}，请在“设置”里填写"
    except Error as error:
        return f"{_TITLES[direction]}：没有成功。{error.message}"
    return f"{_TITLES[direction]}：登录成功（{account.host}，{account.user or '不用登录'}）"


ACCOUNT_ROUTES = (
    get("/c/{campaign}/accounts", _accounts_page, "clerk"),
    post("/c/{campaign}/accounts", _change, "clerk"),
)
