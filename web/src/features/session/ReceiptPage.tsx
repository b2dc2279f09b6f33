import type { Receipt } from "../../shared/api/session";
import { count, dateAndClock } from "../../shared/format";
import { Link, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { Fact } from "../../shared/ui/Fact";
import { PageTitle, Pane } from "../../shared/ui/Pane";

const words = texts.session;

/** The receipt that erasing leaves. It is kept in the browser's history entry only, so a reload still shows it. */
export function ReceiptPage({ receipt }: { receipt: Receipt | null }) {
  const erased = receipt?.logEmptied === false ? words.erasedButForLog : words.erased;
  return (
    <>
      <PageTitle lead={receipt ? erased : words.noReceipt}>{receipt ? words.erasedTitle : words.receipt}</PageTitle>
      {receipt && (
        <Pane title={words.receipt} className="receipt">
          <dl className="facts">
            <Fact name={words.receiptNumber} value={receipt.receiptId} />
            <Fact name={words.receiptTime} value={dateAndClock(receipt.erasedAt)} />
            <Fact name={words.receiptUploads} value={count(receipt.uploads)} />
            <Fact name={words.receiptAnalyses} value={count(receipt.analyses)} />
            <Fact name={words.receiptReports} value={count(receipt.reports)} />
            <Fact name={words.receiptConversations} value={count(receipt.conversations)} />
            <Fact name={words.receiptMessages} value={count(receipt.messages)} />
            <Fact name={words.receiptReadings} value={count(receipt.readings)} />
            <Fact name={words.receiptReceptions} value={count(receipt.receptions)} />
          </dl>
        </Pane>
      )}
      <p className="actions">
        <Link to={paths.welcome} className="button primary large">
          {words.again}
        </Link>
      </p>
    </>
  );
}

/** A receipt from a history entry, if that is what it holds. */
export function receiptOf(state: unknown): Receipt | null {
  const receipt = (state as { receipt?: Partial<Receipt> } | null)?.receipt;
  return typeof receipt?.receiptId === "string" && typeof receipt.erasedAt === "string" ? (receipt as Receipt) : null;
}
