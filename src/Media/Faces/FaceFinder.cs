using System.Numerics;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Faces;

/// <summary>
/// Finds faces and fits a mesh to them. The same picture gives the same numbers on one machine. Safe for several threads, one at a time.
/// </summary>
public sealed class FaceFinder
{
    /// <summary>The detector sees 128x128 pixels and misses faces under about a fifth of that, so it is led over ever smaller tiles.</summary>
    private static readonly int[] TilesAcross = [2, 4, 8];

    /// <summary>Where other faces are looked for: faces that are too small for these tiles are in the background.</summary>
    private const int MostTilesForOthers = 4;

    /// <summary>Tiles are not cut smaller than this many pixels of the picture.</summary>
    private const float SmallestTile = 48;
    private const float DetectorThreshold = 0.5f;
    private const float MeshThreshold = 0.5f;
    private const float SameFace = 0.3f;

    /// <summary>How far apart, in widths of the face, detector and mesh may see an eye or the mouth.</summary>
    private const float Agreement = 0.2f;
    private readonly BlazeFace _detector = new();
    private readonly MeshModel _mesh = new();
    private readonly Lock _gate = new();

    /// <summary>
    /// Finds the faces of a picture, the largest first. Looks at the whole picture, then at the picture with a margin (a face that fills
    /// it), then at ever smaller tiles, and stops at the first of these that shows a face. A candidate counts
    /// when the mesh sees a face there too, with its eyes and mouth where the detector sees them.
    /// </summary>
    /// <param name="picture">The picture, upright.</param>
    /// <param name="cancellationToken">Looked at before each tile.</param>
    /// <returns>The faces, none if there are none.</returns>
    public IReadOnlyList<Face> Find(RgbImage picture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        lock (_gate)
        {
            var pyramid = new PicturePyramid(picture);
            return Looks(picture, TilesAcross[^1]).Select(tiles => Look(pyramid, tiles, cancellationToken)).FirstOrDefault(faces => faces.Count > 0) ?? [];
        }
    }

    /// <summary>
    /// Finds the faces of a picture as <see cref="Find"/> does, and those beside them that are down to about half as large: what is
    /// found at once is looked for again in smaller tiles, and counts where no face was found before.
    /// </summary>
    /// <param name="picture">The picture, upright.</param>
    /// <param name="cancellationToken">Looked at before each tile.</param>
    /// <returns>The faces, the largest first; none if there are none.</returns>
    public IReadOnlyList<Face> FindAll(RgbImage picture, CancellationToken cancellationToken)
    {
        var faces = Find(picture, cancellationToken).ToList();
        if (faces.Count == 0)
            return faces;
        lock (_gate)
        {
            var pyramid = new PicturePyramid(picture);
            foreach (var other in Looks(picture, MostTilesForOthers).SelectMany(tiles => Look(pyramid, tiles, cancellationToken)))
            {
                if (!faces.Exists(face => face.Box.Touches(other.Box)))
                    faces.Add(other);
            }

            return [.. faces.OrderByDescending(face => face.Box.Area)];
        }
    }

    /// <summary>Fits the mesh to a face: once around the detector's box and once more around the first mesh, which centres it better.</summary>
    /// <returns>The mesh, or null when the model sees no face there.</returns>
    public FaceMesh? Mesh(RgbImage picture, Face face)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(face);
        lock (_gate)
        {
            var pyramid = new PicturePyramid(picture);
            var first = _mesh.Fit(pyramid, MeshModel.Around(face));
            if (first.Confidence < MeshThreshold)
                return null;
            var second = _mesh.Fit(pyramid, MeshModel.Around(first));
            return second.Confidence < MeshThreshold ? null : second;
        }
    }

    /// <summary>One look: the candidates of some tiles, merged and checked by the mesh, the largest first.</summary>
    private List<Face> Look(PicturePyramid pyramid, IEnumerable<PatchPlace> tiles, CancellationToken cancellationToken)
    {
        var candidates = new List<Face>();
        foreach (var tile in tiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            candidates.AddRange(_detector.Find(pyramid, tile, DetectorThreshold));
        }

        return [.. Merge(candidates).Where(face => Agree(_mesh.Fit(pyramid, MeshModel.Around(face)), face)).OrderByDescending(face => face.Box.Area)];
    }

    private static bool Agree(FaceMesh mesh, Face face)
    {
        var within = Agreement * face.Box.Width;
        return mesh.Confidence >= MeshThreshold
            && Vector2.Distance(mesh.LeftEye, face.KeyPoints[0]) < within
            && Vector2.Distance(mesh.RightEye, face.KeyPoints[1]) < within
            && Vector2.Distance((mesh.Points[13] + mesh.Points[14]) / 2, face.KeyPoints[3]) < within;
    }

    private static IEnumerable<IEnumerable<PatchPlace>> Looks(RgbImage picture, int mostTilesAcross)
    {
        var longer = MathF.Max(picture.Width, picture.Height);
        var centre = new Vector2(picture.Width, picture.Height) / 2;
        yield return [new PatchPlace(centre, longer, Vector2.UnitX)];
        yield return [new PatchPlace(centre, longer * 1.6f, Vector2.UnitX)];
        foreach (var across in TilesAcross.Where(across => across <= mostTilesAcross && longer / across >= SmallestTile))
            yield return Tiles(picture, longer / across);
    }

    /// <summary>Square tiles that overlap by half.</summary>
    private static IEnumerable<PatchPlace> Tiles(RgbImage picture, float side)
    {
        foreach (var y in Middles(picture.Height, side))
        {
            foreach (var x in Middles(picture.Width, side))
                yield return new PatchPlace(new Vector2(x, y), side, Vector2.UnitX);
        }
    }

    private static IEnumerable<float> Middles(int length, float side)
    {
        if (length <= side)
            return [length / 2f];
        var steps = (int)MathF.Ceiling((length - side) / (side / 2));
        return Enumerable.Range(0, steps + 1).Select(i => (side / 2) + ((length - side) * i / steps));
    }

    /// <summary>Weighted non-maximum suppression: candidates of one face become their mean, weighted by score.</summary>
    private static List<Face> Merge(List<Face> candidates)
    {
        var faces = new List<Face>();
        var left = candidates.OrderByDescending(face => face.Score).ToList();
        while (left.Count > 0)
        {
            var best = left[0];
            var same = left.Where(face => face.Box.Overlap(best.Box) > SameFace || ReferenceEquals(face, best)).ToList();
            left.RemoveAll(same.Contains);
            var weight = same.Sum(face => face.Score);
            float Mean(Func<Face, float> number) => same.Sum(face => face.Score * number(face)) / weight;
            var box = new FaceBox(Mean(f => f.Box.X), Mean(f => f.Box.Y), Mean(f => f.Box.Width), Mean(f => f.Box.Height));
            var points = Enumerable.Range(0, best.KeyPoints.Count)
                .Select(i => new Vector2(Mean(f => f.KeyPoints[i].X), Mean(f => f.KeyPoints[i].Y)));
            faces.Add(new Face(best.Score, box, [.. points]));
        }

        return faces;
    }
}
