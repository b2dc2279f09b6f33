import { Link, paths } from "../shared/router";
import { texts } from "../shared/texts";
import { PageTitle } from "../shared/ui/Pane";

export function UnknownPage() {
  return (
    <>
      <PageTitle lead={texts.notFound.body}>{texts.notFound.title}</PageTitle>
      <p className="actions">
        <Link to={paths.welcome} className="button primary">
          {texts.notFound.home}
        </Link>
      </p>
    </>
  );
}
