/** One choice of a report as a field of a form, by the parameter's type. */
import { MultiSelect, NumberInput, Select, Switch } from "@mantine/core";
import type { ReportParameter } from "@/api/reports";

/** Ask for a parameter's value. */
export function ParameterField({
  parameter,
  value,
  onChange,
}: {
  parameter: ReportParameter;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { title, help, type, unit, minimum, maximum } = parameter;
  const shared = { label: unit ? `${title} (${unit})` : title, description: help, size: "xs" } as const;
  const options = parameter.options.map((one) => ({ value: String(one.value), label: one.label }));
  const chosen = (text: string) => parameter.options.find((one) => String(one.value) === text)?.value;
  if (type === "boolean")
    return (
      <Switch {...shared} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />
    );
  if (type === "choice")
    return (
      <Select
        {...shared}
        data={options}
        value={value === null || value === undefined ? null : String(value)}
        allowDeselect={false}
        disabled={options.length < 2}
        onChange={(text) => onChange(chosen(text ?? ""))}
      />
    );
  if (type === "choices")
    return (
      <MultiSelect
        {...shared}
        data={options}
        value={Array.isArray(value) ? value.map(String) : []}
        disabled={options.length === 0}
        placeholder={options.length === 0 ? "The study has none" : ""}
        clearable={parameter.may_be_empty}
        onChange={(texts) => onChange(texts.map(chosen))}
      />
    );
  return (
    <NumberInput
      {...shared}
      value={Number(value)}
      allowDecimal={type === "number"}
      {...(minimum === null ? {} : { min: minimum })}
      {...(maximum === null ? {} : { max: maximum })}
      onChange={(number) => onChange(Number(number))}
    />
  );
}
