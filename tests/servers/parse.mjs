// Prints what two independent parsers read in the messages whose paths come on standard input, one a line, as JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

const sha256 = (bytes) => createHash("sha256").update(Buffer.from(bytes)).digest("hex");
const mailboxes = (list) => (list ?? []).map(({ name, address }) => [name, address]);

async function withMailparser(bytes) {
  const mail = await simpleParser(bytes, { skipTextToHtml: true, skipImageLinks: true });
  return {
    subject: mail.subject,
    from: mailboxes(mail.from?.value),
    to: mailboxes(mail.to?.value),
    cc: mailboxes(mail.cc?.value),
    reply_to: mailboxes(mail.replyTo?.value),
    message_id: mail.messageId,
    text: mail.text,
    html: mail.html || "",
    files: mail.attachments.map((one) => [one.filename, one.contentType, sha256(one.content)]),
  };
}

async function withPostalMime(bytes) {
  const mail = await PostalMime.parse(bytes);
  return {
    subject: mail.subject,
    from: mailboxes(mail.from ? [mail.from] : []),
    to: mailboxes(mail.to),
    cc: mailboxes(mail.cc),
    reply_to: mailboxes(mail.replyTo),
    message_id: mail.messageId,
    text: mail.text,
    html: mail.html ?? "",
    files: mail.attachments.map((one) => [one.filename, one.mimeType, sha256(one.content)]),
  };
}

const paths = readFileSync(0, "utf-8").split("\n").filter(Boolean);
const read = [];
for (const path of paths) {
  const bytes = readFileSync(path);
  read.push({ mailparser: await withMailparser(bytes), "postal-mime": await withPostalMime(bytes) });
}
process.stdout.write(JSON.stringify(read));
