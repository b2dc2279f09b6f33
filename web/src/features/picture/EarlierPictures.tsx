import { useEffect } from "react";
import { useUploads } from "../../shared/api/uploads";
import { bytes, dateAndClock } from "../../shared/format";
import { Link, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { Loaded } from "../../shared/ui/Pane";

const words = texts.picture;

/**
 * What this session has uploaded already.
 *
 * @param round another number each time that there is more to list
 */
export function EarlierPictures({ round = 0 }: { round?: number }) {
  const uploads = useUploads();
  const { reload } = uploads;
  useEffect(() => {
    if (round > 0) reload();
  }, [round, reload]);
  return (
    <Loaded resource={uploads}>
      {(list) =>
        list.length === 0 ? (
          <p className="empty">{words.earlierNone}</p>
        ) : (
          <ul className="earlier">
            {list.map((upload) => (
              <li key={upload.id}>
                <Link to={paths.received(upload.id)} aria-label={words.open(upload.fileName)}>
                  <img src={upload.preview} alt="" loading="lazy" width="64" height="64" />
                  <span>
                    <span className="file-name">{upload.fileName}</span>
                    <span className="help">
                      {dateAndClock(upload.createdAt)} · {bytes(upload.bytes)}
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
