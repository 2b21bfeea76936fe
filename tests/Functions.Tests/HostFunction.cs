using System.Collections.ObjectModel;
using System.Reflection;

namespace WanTalk.Functions.Tests;

/// <summary>A function of the Azure host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">Its method.</param>
public sealed record HostFunction(string Name, MethodInfo Method)
{
    /// <summary>The parameter with an attribute of that name; null when there is none.</summary>
    public ParameterInfo? ParameterWith(string attribute) => Method.GetParameters().SingleOrDefault(
        parameter => parameter.CustomAttributes.Any(found => found.AttributeType.Name == attribute));

    /// <summary>What a trigger's attribute was given, by position.</summary>
    public object? TriggerArgument(string attribute, int position) => ArgumentOf(ParameterWith(attribute)!.CustomAttributes, attribute, position);

    /// <summary>What a trigger's attribute was given, by name.</summary>
    public object? TriggerArgument(string attribute, string name) => ParameterWith(attribute)!.CustomAttributes
        .Single(found => found.AttributeType.Name == attribute).NamedArguments.SingleOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    internal static object? ArgumentOf(IEnumerable<CustomAttributeData> attributes, string name, int position) =>
        attributes.SingleOrDefault(found => found.AttributeType.Name == name)?.ConstructorArguments[position].Value switch
        {
            ReadOnlyCollection<CustomAttributeTypedArgument> many => many.Select(one => one.Value).ToList(),
            var one => one,
        };
}
