using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;

namespace WanTalk.Api.OpenApi;

/// <summary>What the code says of its types and properties, from the XML files that the compiler writes beside the assemblies.</summary>
internal static class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Read = new();

    /// <summary>The comment of a property, or of a type; null when there is none.</summary>
    /// <param name="property">The property; null for the type.</param>
    /// <param name="type">The type, when there is no property.</param>
    public static string? Of(JsonPropertyInfo? property, Type type)
    {
        if (property is null)
        {
            return Text(Find(type.Assembly, $"T:{type.FullName}")?.Element("summary"));
        }

        if (property.AttributeProvider is not MemberInfo { DeclaringType: { } owner } member)
        {
            return null;
        }

        // A positional record has its properties' comments as parameters of its own.
        return Text(Find(owner.Assembly, $"P:{owner.FullName}.{member.Name}")?.Element("summary"))
            ?? Text(Find(owner.Assembly, $"T:{owner.FullName}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == member.Name));
    }

    private static XElement? Find(Assembly assembly, string member) => Read.GetOrAdd(assembly, Load).GetValueOrDefault(member);

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return assembly.GetName().Name!.StartsWith("WanTalk.", StringComparison.Ordinal) && File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal)
            : [];
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var words = string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => ((string?)see.Attribute("cref"))?.Split('.', ':')[^1] ?? "",
            XElement inner => inner.Value,
            _ => node.ToString(),
        }));
        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text ? text : null;
    }
}
