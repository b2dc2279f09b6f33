/** Files that were given together. */
export interface Gathered {
  files: File[];
  /** There were more than may be taken. */
  more: boolean;
}

/** Folders inside folders, at most. */
const deepest = 12;

/** What systems leave in folders, and the index of a DICOM disc: no pictures. */
function isLitter(name: string): boolean {
  return /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|DICOMDIR$)/i.test(name);
}

/** The files of a choice, without what is no picture in a folder. A single file is taken whatever its name is. */
export function bounded(files: File[], most: number): Gathered {
  const wanted = files.length === 1 ? files : files.filter(({ name, webkitRelativePath }) => ![name, ...(webkitRelativePath ?? "").split("/")].some(isLitter));
  return { files: wanted.slice(0, most), more: wanted.length > most };
}

/** The entries of a drop. They can only be had while it is handled. */
export function entriesOf(items: DataTransferItemList | undefined): FileSystemEntry[] {
  return [...(items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
}

/** The files of what was dropped, those in folders too. What can't be read is left out. */
export async function gather(entries: FileSystemEntry[], most: number): Promise<Gathered> {
  const files: File[] = [];
  const walk = async (entry: FileSystemEntry, depth: number): Promise<void> => {
    if (files.length > most || (depth > 0 && isLitter(entry.name))) return;
    if (entry.isFile) {
      const file = await new Promise<File | null>((resolve) => (entry as FileSystemFileEntry).file(resolve, () => resolve(null)));
      if (file) files.push(file);
    } else if (depth < deepest) {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      // A reader gives some at a time, and none at the end.
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
        if (some.length === 0 || files.length > most) return;
        for (const one of some) await walk(one, depth + 1);
      }
    }
  };
  for (const entry of entries) await walk(entry, 0);
  return { files: files.slice(0, most), more: files.length > most };
}
