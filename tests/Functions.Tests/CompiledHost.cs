using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WanTalk.Functions.Tests;

/// <summary>
/// The Azure host, compiled from its sources against declarations of what it uses: its packages are not on every feed. What the
/// declarations leave out it cannot use, and what they say was compared with the packages.
/// </summary>
public sealed class CompiledHost
{
    private static readonly string[] GlobalUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly Lazy<CompiledHost> Shared = new(() => new CompiledHost());

    private CompiledHost()
    {
        var surface = Compile("Surface", "surface", OutputKind.DynamicallyLinkedLibrary, Platform());
        Problems.AddRange(surface.Problems);
        var host = Compile("WanTalk.Functions", "host", OutputKind.ConsoleApplication, [.. Platform(), MetadataReference.CreateFromImage(surface.Image)]);
        Problems.AddRange(host.Problems);
        if (Problems.Count > 0)
        {
            return;
        }

        var context = new AssemblyLoadContext("the Azure host");
        using var declared = new MemoryStream(surface.Image);
        context.LoadFromStream(declared);
        using var compiled = new MemoryStream(host.Image);
        Functions =
        [
            .. from type in context.LoadFromStream(compiled).GetTypes()
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance)
               let name = NameOf(method)
               where name is not null
               select new HostFunction(name, method),
        ];
    }

    /// <summary>The host, compiled once.</summary>
    public static CompiledHost Instance => Shared.Value;

    /// <summary>Errors and warnings.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Its functions.</summary>
    public IReadOnlyList<HostFunction> Functions { get; } = [];

    private static (byte[] Image, IEnumerable<string> Problems) Compile(
        string name, string folder, OutputKind kind, IEnumerable<MetadataReference> references)
    {
        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.cs", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        var usings = CSharpSyntaxTree.ParseText(string.Concat(GlobalUsings.Select(space => $"global using {space};\n")), Parsing);
        var compilation = CSharpCompilation.Create(
            name,
            [usings, .. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Parsing, file))],
            references,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        return (image.ToArray(), emitted.Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString()));
    }

    private static IEnumerable<MetadataReference> Platform() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));

    private static string? NameOf(MethodInfo method) => (string?)HostFunction.ArgumentOf(method.CustomAttributes, "FunctionAttribute", 0);
}
