import { PicturePage } from "../features/picture/PicturePage";
import { ReceivedPage } from "../features/picture/ReceivedPage";
import { navigate, paths } from "../shared/router";

interface PictureStepProps {
  /** A received picture, or null to choose one. */
  uploadId: string | null;
  /** The session's id. */
  session: string;
  hasPictures: boolean;
  /** What the session holds has changed. */
  onChanged: () => void;
}

/** Choosing, sending and looking at pictures: a script of its own, which is loaded after the first page. */
export function PictureStep({ uploadId, session, hasPictures, onChanged }: PictureStepProps) {
  if (uploadId !== null) return <ReceivedPage key={uploadId} uploadId={uploadId} onChanged={onChanged} />;
  return (
    <PicturePage
      session={session}
      hasPictures={hasPictures}
      onKept={onChanged}
      onReceived={(upload) => {
        onChanged();
        navigate(paths.received(upload.id));
      }}
    />
  );
}
