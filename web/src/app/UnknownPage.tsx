import { Link, paths } from "../shared/router";
import { en } from "../shared/texts/en";
import { PageTitle } from "../shared/ui/Pane";

export function UnknownPage() {
  return (
    <>
      <PageTitle lead={en.notFound.body}>{en.notFound.title}</PageTitle>
      <p className="actions">
        <Link to={paths.welcome} className="button primary">
          {en.notFound.home}
        </Link>
      </p>
    </>
  );
}
