/** Hospital computers are shared: what this browser kept for a person goes when the person signs out. */

const DATABASE = "overread-drafts";

/** Remove every local draft of one person from this browser. */
export async function forgetPerson(person: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`${DATABASE}-${person}`);
    request.onsuccess = () => resolve();
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error ?? new Error("The local drafts could not be removed."));
  });
}
