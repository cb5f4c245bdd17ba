/** A new password, typed once and visible on demand. */
import { PasswordInput } from "@mantine/core";

/** Ask for a new password; the server says what is wrong with a weak one. */
export function NewPassword({
  value,
  onChange,
  label = "New password",
}: {
  value: string;
  onChange: (value: string) => void;
  label?: string;
}) {
  return (
    <PasswordInput
      label={label}
      description="At least 10 characters; a few words are easy to remember and hard to guess."
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={10}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
