"""What a visitor is told instead of the page that was asked for."""

from __future__ import annotations

from xlcheck.model.errors import Error

SENTENCES = {
    400: "请求不完整，没有处理；请返回上一页重新提交",
    401: "请先登录",
    403: "没有权限做这件事",
    404: "没有这个页面；请检查地址是否完整，或者回到首页",
    405: "这个地址不接受这样的请求；请返回上一页重新操作",
    408: "上传太慢，没有收完，什么也没有保存；请检查网络后重新上传",
    409: "没有做成，什么也没有改变",
    413: "上传的文件太大",
    421: "访问的地址不是本系统的地址；请从启动窗口给出的地址打开",
    429: "请求太频繁；请稍等片刻再试",
    500: "系统出错，没有处理完；请重试，仍然不行时请与管理员联系",
    503: "正在核对的文件太多；请稍等片刻再提交，文件没有丢失，也没有重复报送",
}
"""What is said where nobody says more, by the status of the answer."""

_HEADINGS = {
    401: "不能打开",
    403: "不能办理",
    404: "没有找到",
    413: "没有收下",
    429: "请稍后再试",
    500: "系统出错",
    503: "请稍后再试",
}


class NotDone(Error):
    """A request is refused; the message is for whoever asked."""

    code = "not-done"

    def __init__(self, status: int, sentence: str = "") -> None:
        """Refuse with one of the statuses of HTTP; without a sentence its usual one is said."""
        self.status = status
        self.sentence = sentence or SENTENCES[status]
        super().__init__(status, self.sentence)

    def __str__(self) -> str:
        return self.sentence

    @property
    def heading(self) -> str:
        """What stands above the sentence."""
        return _HEADINGS.get(self.status, "没有办成")


class PasswordToChange(NotDone):
    """A user has to choose a password of his own first."""

    code = "password-to-change"

    def __init__(self) -> None:
        """Refuse."""
        super().__init__(403, "请先把别人设的密码换成自己的")
