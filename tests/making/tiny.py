"""A small form of another kind: two tables, an amount in a relation, a relation without a set, a cover of its own."""

from __future__ import annotations

TINY = """
id = "training-2030"
title = "干部培训情况表"
edition = "2030"
template_version = "3"

[source]
document = "培训函〔2030〕1号"
title = "关于报送培训情况的通知"
clause = "附件"
law = "培训条例"

[cover]
sheet = "首页"
title = "干部培训情况表"
subtitle = "（年度）"
labels_column = "A"
values_column = "C"
first_row = 5

[[cover.entries]]
key = "unit"
label = "填报部门"
required = true
prompt = "全称。"

[[cover.entries]]
key = "year"
label = "年份"
required = true
prompt = "四位数字。"

[[cover.entries]]
key = "chief"
label = "负责人"
prompt = "姓名。"

[guide]
sheet = "说明"
title = "说明"
lines = ["一、每格都要填。"]

[[tables]]
key = "classes"
title = "培训班次"
sheet = "班次"
at = "B3"
widths = [20, 12, 12, 12]
row_height = 24
fields = ["count:own", "count:sent", "count:all"]
rows = [
  { cells = ["类别", "自办", "外送", "合计"] },
  { key = "cadres", cells = ["干部"] },
  { key = "others", cells = ["其他人员"] },
]

[[tables]]
key = "money"
title = "培训经费"
sheet = "经费"
at = "A2"
widths = [20, 20]
row_height = 24
rows = [
  { cells = ["项目", "金额（万元）"] },
  { key = "fiscal", cells = ["财政拨款", "amount:sum"] },
  { key = "own", cells = ["自筹", "amount:sum"] },
  { key = "all", cells = ["合计", "amount:sum"] },
]

[sets.line]
members = ["cadres", "others"]
names = ["干部行", "其他人员行"]

[sets.way]
name = "自办与外送之和"
members = ["own", "sent"]

[[relations]]
code = "B201"
title = "合计不等于自办加外送"
rule = "classes.{line}.all = classes.{line}.[way]"
terms = ["合计", "[way]"]
why = "班次不是自办就是外送。"
mend = "核对。"
wrong_says = "自办 1、外送 1、合计 3"
right_says = "自办 1、外送 1、合计 2"
wrong = { "classes.cadres.own" = 1, "classes.cadres.sent" = 1, "classes.cadres.all" = 3 }
right = { "classes.cadres.own" = 1, "classes.cadres.sent" = 1, "classes.cadres.all" = 2 }

[[relations]]
code = "B202"
title = "经费合计不等于财政拨款加自筹"
rule = "money.fiscal.sum + money.own.sum = money.all.sum"
terms = ["财政拨款", "自筹", "合计"]
why = "经费只有两种来源。"
mend = "核对。"
wrong_says = "财政拨款 1、自筹 1、合计 3"
right_says = "财政拨款 1、自筹 1、合计 2"
wrong = { "money.fiscal.sum" = 1, "money.own.sum" = 1, "money.all.sum" = 3 }
right = { "money.fiscal.sum" = 1, "money.own.sum" = 1, "money.all.sum" = 2 }
"""

CHANGING = (
    TINY.replace('["财政拨款", "amount:sum"]', '["上年末", "count:sum"]')
    .replace('["自筹", "amount:sum"]', '["本年增/减", "change:sum"]')
    .replace('["合计", "amount:sum"]', '["本年末", "count:sum"]')
)
"""The same, with a number that may be below 0 in its last balance: 上年末 + 本年增/减 = 本年末."""
